/**
 * A minimal web application, which is started with and without the starter.
 */
@NullMarked
package io.aki.benchmark.startup;

import org.jspecify.annotations.NullMarked;
