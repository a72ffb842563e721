/**
 * A minimal web application. The benchmark starts it with and without the starter.
 */
@NullMarked
package io.aki.benchmark.startup;

import org.jspecify.annotations.NullMarked;
