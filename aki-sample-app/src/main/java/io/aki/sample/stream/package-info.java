/**
 * Jobs as server-sent events, for any endpoint.
 */
@NullMarked
package io.aki.sample.stream;

import org.jspecify.annotations.NullMarked;
