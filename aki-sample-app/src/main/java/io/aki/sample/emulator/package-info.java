/**
 * What takes the place of AKI.IO where there is no API key.
 */
@NullMarked
package io.aki.sample.emulator;

import org.jspecify.annotations.NullMarked;
