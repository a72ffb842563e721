/**
 * The AKI.IO client.
 * <p>
 * Start with {@link io.aki.client.AkiClient}. It starts a job, follows it and returns an
 * {@link io.aki.client.AkiResult}, which is a success or a failure.
 * {@link io.aki.client.AkiResult#orThrow()} throws an {@link io.aki.client.AkiException}
 * for a failure, with a subclass for each kind. {@link io.aki.client.AkiParameters}
 * builds the parameters of a request. An {@link io.aki.client.AkiJob} is a job that runs
 * in the background.
 * <p>
 * The package needs Spring Web and Jackson, not Spring Boot:
 *
 * <pre class="code">
 * try (AkiClient aki = AkiClient.builder().apiKey(key).endpoint("llama3_8b_chat").build()) {
 *     String joke = aki.doApiRequest(AkiParameters.chat().user("Tell me a joke")).orThrow().answer();
 * }</pre>
 */
@NullMarked
package io.aki.client;

import org.jspecify.annotations.NullMarked;
