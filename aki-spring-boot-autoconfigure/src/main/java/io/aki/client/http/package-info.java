/**
 * The HTTP engine side of the client: request factories that apply time and size limits,
 * and the JDK's engine. Applications need only {@link AkiClientHttpRequestFactory}. The
 * other types are public for {@code io.aki.client}.
 */
@NullMarked
package io.aki.client.http;

import org.jspecify.annotations.NullMarked;
