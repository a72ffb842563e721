/**
 * The sample application.
 */
@NullMarked
package io.aki.sample;

import org.jspecify.annotations.NullMarked;
