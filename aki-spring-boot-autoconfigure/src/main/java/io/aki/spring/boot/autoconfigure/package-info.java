/**
 * Spring Boot auto-configuration of the AKI.IO client.
 * <p>
 * Creates an {@link io.aki.client.AkiClient} from the properties {@code aki.io.*}, see
 * {@link io.aki.spring.boot.autoconfigure.AkiProperties}. An
 * {@link io.aki.spring.boot.autoconfigure.AkiClientCustomizer} changes the client before
 * it is built, {@link io.aki.spring.boot.autoconfigure.AkiConnectionDetails} provides the
 * server and the key. A bean of the application replaces the auto-configured one.
 */
@NullMarked
package io.aki.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
