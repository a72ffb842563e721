/**
 * JSON of the API: request parameters, responses and data URIs. The package is internal:
 * its types are public for {@code io.aki.client} and the other modules of this project
 * only.
 */
@NullMarked
package io.aki.client.json;

import org.jspecify.annotations.NullMarked;
