/**
 * The web pages.
 */
@NullMarked
package io.aki.sample.page;

import org.jspecify.annotations.NullMarked;
