/**
 * Spring Boot auto-configuration of the AKI.IO client.
 */
@NullMarked
package io.aki.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
