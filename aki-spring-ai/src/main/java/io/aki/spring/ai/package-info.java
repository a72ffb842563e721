/**
 * The models of AKI.IO for Spring AI. {@link io.aki.spring.ai.AkiChatModel},
 * {@link io.aki.spring.ai.AkiImageModel} and {@link io.aki.spring.ai.AkiSpeechModel} are
 * Spring AI's model interfaces on an {@link io.aki.client.AkiClient}.
 */
@NullMarked
package io.aki.spring.ai;

import org.jspecify.annotations.NullMarked;
