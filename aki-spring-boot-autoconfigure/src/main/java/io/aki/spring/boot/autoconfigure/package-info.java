/**
 * Spring Boot auto-configuration of the AKI.IO client.
 * <p>
 * Makes an {@link io.aki.client.AkiClient} of the properties {@code aki.io.*}, which
 * {@link io.aki.spring.boot.autoconfigure.AkiProperties} describes. An
 * {@link io.aki.spring.boot.autoconfigure.AkiClientCustomizer} changes the client before
 * it is built, {@link io.aki.spring.boot.autoconfigure.AkiConnectionDetails} say where
 * the server is and which key it wants, and a bean of your own takes the place of ours.
 */
@NullMarked
package io.aki.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
