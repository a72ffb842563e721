package io.aki.spring.boot.test;

/**
 * Callback interface for beans that customize the {@link AkiEmulator} of a Spring
 * application or test. The beans are called in their order before the emulator starts.
 * <pre class="code">
 * &#64;Bean
 * AkiEmulatorCustomizer friendly() {
 *     return (builder) -&gt; builder.chatReply((prompt) -&gt; "How do you do?").workers("z_image_turbo", 4);
 * }
 * </pre>
 * <p>
 * In a test with {@link AutoConfigureAkiEmulator}, declare the bean in a
 * {@code @TestConfiguration} to add an endpoint to the emulator: <pre class="code">
 * &#64;Bean
 * AkiEmulatorCustomizer toolChat() {
 *     return (builder) -&gt; builder.endpoint(AkiEmulatorEndpoint.chat("tool_chat").tools());
 * }
 * </pre>
 * <p>
 * The settings apply as long as the emulator exists. {@link AkiEmulator#reset()} does not
 * change them.
 *
 * @since 1.0.0
 */
@FunctionalInterface
public interface AkiEmulatorCustomizer {

	/**
	 * Customize the builder of the emulator.
	 * @param builder the builder. It already has the settings of
	 * {@link AutoConfigureAkiEmulator} or of the properties {@code aki.io.emulator.*}
	 */
	void customize(AkiEmulator.Builder builder);

}
