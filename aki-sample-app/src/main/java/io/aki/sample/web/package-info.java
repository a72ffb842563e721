/**
 * Classes that all parts of the HTTP interface share.
 */
@NullMarked
package io.aki.sample.web;

import org.jspecify.annotations.NullMarked;
