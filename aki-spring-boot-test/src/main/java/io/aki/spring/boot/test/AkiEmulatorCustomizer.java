package io.aki.spring.boot.test;

/**
 * Describes further the {@link AkiEmulator} of a Spring application or test: beans of
 * this type are asked, in their order, before it starts. <pre>{@code
 * &#64;Bean
 * AkiEmulatorCustomizer friendly() {
 *     return (builder) -> builder.chatReply((prompt) -> "How do you do?").workers("z_image_turbo", 4);
 * }
 * }</pre>
 * <p>
 * What they say lasts as long as the emulator; {@link AkiEmulator#reset()} leaves it as
 * it is.
 *
 * @since 1.0.0
 */
@FunctionalInterface
public interface AkiEmulatorCustomizer {

	/**
	 * Adds to the description.
	 * @param builder has what {@link AutoConfigureAkiEmulator} or the properties
	 * {@code aki.io.emulator.*} say, and what customizers before this one said
	 */
	void customize(AkiEmulator.Builder builder);

}
