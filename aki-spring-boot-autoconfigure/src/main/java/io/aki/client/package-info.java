/**
 * The AKI.IO client.
 */
@NullMarked
package io.aki.client;

import org.jspecify.annotations.NullMarked;
