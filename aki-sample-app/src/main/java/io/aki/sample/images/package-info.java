/**
 * The images: their HTTP interface.
 */
@NullMarked
package io.aki.sample.images;

import org.jspecify.annotations.NullMarked;
