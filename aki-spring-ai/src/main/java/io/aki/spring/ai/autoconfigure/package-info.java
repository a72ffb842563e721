/**
 * Auto-configuration of the models of AKI.IO for Spring AI.
 */
@NullMarked
package io.aki.spring.ai.autoconfigure;

import org.jspecify.annotations.NullMarked;
