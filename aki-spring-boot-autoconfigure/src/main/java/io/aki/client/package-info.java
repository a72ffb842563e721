/**
 * The AKI.IO client.
 * <p>
 * {@link io.aki.client.AkiClient} is where to begin: it starts a job, follows it and
 * answers with an {@link io.aki.client.AkiResult}, which tells of success and of failure.
 * {@link io.aki.client.AkiResult#orThrow()} makes an {@link io.aki.client.AkiException}
 * of a failure, with a subclass for each kind. An {@link io.aki.client.AkiJob} is a job
 * that nobody waits for. {@link io.aki.client.AkiTextStream} makes pieces of text of a
 * model's progress.
 * <p>
 * The package needs Spring Web and Jackson, not Spring Boot:
 *
 * <pre class="code">
 * try (AkiClient aki = AkiClient.builder().apiKey(key).endpoint("llama3_8b_chat").build()) {
 *     String joke = aki.doApiRequest(Map.of("prompt_input", "Tell me a joke")).orThrow().text();
 * }</pre>
 */
@NullMarked
package io.aki.client;

import org.jspecify.annotations.NullMarked;
