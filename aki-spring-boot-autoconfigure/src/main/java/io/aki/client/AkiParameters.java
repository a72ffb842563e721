package io.aki.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.springframework.lang.CheckReturnValue;
import org.springframework.util.Assert;

/**
 * The parameters of a request, with a method for each usual parameter: <pre class="code">
 * AkiResult result = aki.doApiRequest(AkiParameters.chat()
 *     .system("You are a helpful assistant")
 *     .user("Tell me a joke")
 *     .maxGenTokens(200));
 *
 * AkiResult image = aki.forEndpoint("z_image_turbo").doApiRequest(
 *     AkiParameters.image("A cute robot on a beach").width(512).height(512));
 * </pre>
 * <p>
 * Immutable: each method returns new parameters and does not change those that it is
 * called on. <b>Use the return value.</b> Therefore parameters are thread-safe (as long
 * as the values that were {@link #set(String, Object) set} are not changed), can be used
 * for any number of requests, and can be a constant that each request extends:
 * <pre class="code">
 * private static final AkiParameters.Chat PIRATE = AkiParameters.chat().system("Answer like a pirate");
 *
 * String answer(String question) {
 *     return this.aki.doApiRequest(PIRATE.user(question)).orThrow().answer();
 * }
 * </pre>
 * <p>
 * Parameters are an unmodifiable map from the API's own names to their values. A
 * parameter that is not set is not sent, so that the endpoint uses its default. The
 * server rejects most parameters that the endpoint does not declare, and values outside
 * its limits ({@link AkiEndpointDetails#parameters()}), with status 400. The methods here
 * reject only what is invalid at every endpoint, with an
 * {@link IllegalArgumentException}.
 *
 * @since 1.0.0
 */
@CheckReturnValue
public sealed interface AkiParameters extends Map<String, Object> {

	/**
	 * Create the parameters of a chat. They are empty: add at least one message.
	 * @return the parameters
	 */
	static Chat chat() {
		return new Chat(Map.of());
	}

	/**
	 * Create the parameters for the generation of an image.
	 * @param prompt the description of the image ({@code prompt}), not blank
	 * @return the parameters
	 * @throws IllegalArgumentException if the prompt is blank
	 */
	static Image image(String prompt) {
		Assert.hasText(prompt, "'prompt' must not be empty");
		return new Image(Map.of("prompt", prompt));
	}

	/**
	 * Create the parameters for the generation of speech.
	 * @param text the text to speak ({@code text}), not blank
	 * @return the parameters
	 * @throws IllegalArgumentException if the text is blank
	 */
	static Speech speech(String text) {
		Assert.hasText(text, "'text' must not be empty");
		return new Speech(Map.of("text", text));
	}

	/**
	 * Set any parameter. A value that was set before is replaced.
	 * @param name the API's own name of the parameter, such as {@code guidance}
	 * @param value the value: a scalar, binary data (see {@link AkiClient}), a list or a
	 * map. Binary data is read and the value is converted at each request
	 * @return new parameters
	 * @throws IllegalArgumentException if the name is empty or the value is {@code null}
	 */
	AkiParameters set(String name, Object value);

	/**
	 * The parameters of a chat: a conversation ({@code chat_context}) and the settings of
	 * the model. Messages are added at the end; the last one should be the user's.
	 *
	 * @since 1.0.0
	 */
	@CheckReturnValue
	final class Chat extends ParameterMap implements AkiParameters {

		private static final String CHAT_CONTEXT = "chat_context";

		private static final Set<String> MEDIA_TYPES = Set.of("image", "audio", "video");

		private Chat(Map<String, Object> values) {
			super(values);
		}

		/**
		 * Add a message that instructs the model how to behave.
		 * @param text the text, not blank
		 * @return new parameters
		 * @throws IllegalArgumentException if the text is blank
		 */
		public Chat system(String text) {
			Assert.hasText(text, "The system message must not be empty");
			return add("system", text);
		}

		/**
		 * Add a message of the user.
		 * @param text the text, not blank
		 * @return new parameters
		 * @throws IllegalArgumentException if the text is blank
		 */
		public Chat user(String text) {
			Assert.hasText(text, "The user's message must not be empty");
			return add("user", text);
		}

		/**
		 * Add a message of the user with images, audio or video. The endpoint must
		 * support them; other endpoints reject them with a 400. The media are read at
		 * once and kept as data URIs. The content of the message becomes a list of parts:
		 * the text as <code>{"type": "text", "text": …}</code>, then each medium, such as
		 * <code>{"type": "image", "image": "data:image/png;base64,…"}</code>.
		 * @param text the text, empty for media without a text
		 * @param media the media: {@link AkiBinary}, {@code byte[]},
		 * {@link java.nio.file.Path}, {@link java.io.File},
		 * {@link org.springframework.core.io.Resource}, {@code MultipartFile} or a data
		 * URI
		 * @return new parameters
		 * @throws IllegalArgumentException if there is neither a text nor a medium, or if
		 * a medium cannot be read, has an unknown format, or is no image, audio or video
		 */
		public Chat user(String text, Object... media) {
			Assert.notNull(text, "The user's message must not be null");
			Assert.notNull(media, "'media' must not be null");
			if (media.length == 0) {
				return user(text);
			}
			List<Object> parts = new ArrayList<>();
			if (!text.isBlank()) {
				parts.add(part("text", text));
			}
			for (Object medium : media) {
				String uri = dataUri("media", medium);
				parts.add(part(mediaType(uri), uri));
			}
			return add("user", Collections.unmodifiableList(parts));
		}

		private static Map<String, Object> part(String type, String value) {
			Map<String, Object> part = new LinkedHashMap<>();
			part.put("type", type);
			part.put(type, value);
			return Collections.unmodifiableMap(part);
		}

		private static String mediaType(String uri) {
			String type = uri.substring("data:".length(), uri.indexOf('/')).toLowerCase(Locale.ROOT);
			Assert.isTrue(MEDIA_TYPES.contains(type), () -> "'media' contains data of the type '"
					+ uri.substring("data:".length(), uri.indexOf(';')) + "', which is no image, audio or video");
			return type;
		}

		/**
		 * Add an earlier answer of the model.
		 * @param text the text, which may be empty: {@link AkiResult#answer()}
		 * @return new parameters
		 * @throws IllegalArgumentException if the text is {@code null}
		 */
		public Chat assistant(String text) {
			Assert.notNull(text, "The assistant's message must not be null");
			return add("assistant", text);
		}

		/**
		 * Add a message in the API's own form.
		 * @param message a map with {@code role} ({@code system}, {@code user} or
		 * {@code assistant}) and {@code content}, a text or a list of parts; copied, but
		 * not the values in it
		 * @return new parameters
		 * @throws IllegalArgumentException if {@code role} or {@code content} is missing
		 */
		public Chat message(Map<String, ?> message) {
			Assert.notNull(message, "'message' must not be null");
			Assert.isTrue(message.get("role") instanceof String role && !role.isBlank(),
					"A message must have a 'role': system, user or assistant");
			Assert.isTrue(message.get("content") != null, "A message must have a 'content'");
			return add(Collections.unmodifiableMap(new LinkedHashMap<>(message)));
		}

		private Chat add(String role, Object content) {
			Map<String, Object> message = new LinkedHashMap<>();
			message.put("role", role);
			message.put("content", content);
			return add(Collections.unmodifiableMap(message));
		}

		private Chat add(Map<String, ?> message) {
			List<Object> messages = new ArrayList<>();
			if (get(CHAT_CONTEXT) instanceof List<?> earlier) {
				messages.addAll(earlier);
			}
			messages.add(message);
			return new Chat(with(CHAT_CONTEXT, Collections.unmodifiableList(messages)));
		}

		/**
		 * Set the maximum length of the answer ({@code max_gen_tokens}).
		 * @param tokens the number of tokens, 1 or more
		 * @return new parameters
		 * @throws IllegalArgumentException if the number is less than 1
		 */
		public Chat maxGenTokens(int tokens) {
			return new Chat(withPositive("max_gen_tokens", tokens));
		}

		/**
		 * Set how much the answers vary ({@code temperature}).
		 * @param temperature 0 or more; many endpoints allow at most 1
		 * @return new parameters
		 * @throws IllegalArgumentException if the value is negative or not finite
		 */
		public Chat temperature(double temperature) {
			Assert.isTrue(temperature >= 0 && Double.isFinite(temperature),
					() -> "'temperature' must be 0 or more but is " + temperature);
			return new Chat(with("temperature", temperature));
		}

		/**
		 * Choose the next token only from this number of most probable tokens
		 * ({@code top_k}).
		 * @param number the number of tokens, 1 or more
		 * @return new parameters
		 * @throws IllegalArgumentException if the number is less than 1
		 */
		public Chat topK(int number) {
			return new Chat(withPositive("top_k", number));
		}

		/**
		 * Choose the next token only from the most probable tokens whose probabilities
		 * add up to this value ({@code top_p}).
		 * @param probability the probability, from 0 to 1
		 * @return new parameters
		 * @throws IllegalArgumentException if the value is out of range
		 */
		public Chat topP(double probability) {
			Assert.isTrue(probability >= 0 && probability <= 1,
					() -> "'top_p' must be between 0 and 1 but is " + probability);
			return new Chat(with("top_p", probability));
		}

		/**
		 * Set the form of the result's text ({@code chat_output_format}).
		 * @param format {@code chatml} (the default), {@code raw} or {@code json}
		 * @return new parameters
		 * @throws IllegalArgumentException if the format is blank
		 * @see AkiResult#thinking()
		 */
		public Chat outputFormat(String format) {
			return new Chat(withText("chat_output_format", format));
		}

		/**
		 * {@inheritDoc}
		 * @throws IllegalArgumentException if the name is {@code chat_context}, which
		 * contains the messages; see {@link #message(Map)}
		 */
		@Override
		public Chat set(String name, Object value) {
			Assert.isTrue(!CHAT_CONTEXT.equals(name),
					"'chat_context' cannot be set: add its messages with system(), user(), assistant() or message()");
			return new Chat(with(name, value));
		}

	}

	/**
	 * The parameters for the generation or editing of an image.
	 *
	 * @since 1.0.0
	 */
	@CheckReturnValue
	final class Image extends ParameterMap implements AkiParameters {

		private Image(Map<String, Object> values) {
			super(values);
		}

		/**
		 * Set the width ({@code width}).
		 * @param pixels the width in pixels, 1 or more; endpoints usually allow 128 to
		 * 2048
		 * @return new parameters
		 * @throws IllegalArgumentException if the number is less than 1
		 */
		public Image width(int pixels) {
			return new Image(withPositive("width", pixels));
		}

		/**
		 * Set the height ({@code height}).
		 * @param pixels the height in pixels, 1 or more; endpoints usually allow 128 to
		 * 2048
		 * @return new parameters
		 * @throws IllegalArgumentException if the number is less than 1
		 */
		public Image height(int pixels) {
			return new Image(withPositive("height", pixels));
		}

		/**
		 * Set the seed of the random numbers ({@code seed}). With the same seed and the
		 * same other parameters an endpoint generates the same image.
		 * @param seed the seed; -1 (the default of the endpoints) for a random seed,
		 * which the result contains
		 * @return new parameters
		 */
		public Image seed(long seed) {
			// the type of a parsed JSON number, so that equal parameters are equal maps
			boolean small = seed == (int) seed;
			return new Image(with("seed", small ? (Object) (int) seed : (Object) seed));
		}

		/**
		 * Set the number of steps ({@code steps}). More steps take more time.
		 * @param steps the number of steps, 1 or more
		 * @return new parameters
		 * @throws IllegalArgumentException if the number is less than 1
		 */
		public Image steps(int steps) {
			return new Image(withPositive("steps", steps));
		}

		/**
		 * Set what the image must not show ({@code negative_prompt}).
		 * @param prompt the description; may be empty
		 * @return new parameters
		 * @throws IllegalArgumentException if the prompt is {@code null}
		 */
		public Image negativePrompt(String prompt) {
			return new Image(with("negative_prompt", prompt));
		}

		/**
		 * Set the image to edit ({@code image}). It is read at once and kept as a data
		 * URI.
		 * @param image {@link AkiBinary}, {@code byte[]}, {@link java.nio.file.Path},
		 * {@link java.io.File}, {@link org.springframework.core.io.Resource},
		 * {@code MultipartFile} or a data URI
		 * @return new parameters
		 * @throws IllegalArgumentException if the image cannot be read or its format is
		 * unknown
		 */
		public Image image(Object image) {
			return new Image(with("image", dataUri("image", image)));
		}

		@Override
		public Image set(String name, Object value) {
			return new Image(with(name, value));
		}

	}

	/**
	 * The parameters for the generation of speech.
	 *
	 * @since 1.0.0
	 */
	@CheckReturnValue
	final class Speech extends ParameterMap implements AkiParameters {

		private Speech(Map<String, Object> values) {
			super(values);
		}

		/**
		 * Set the language of the text ({@code language}).
		 * @param language the language as the endpoint names it, such as {@code en} or
		 * {@code de}
		 * @return new parameters
		 * @throws IllegalArgumentException if the language is blank
		 */
		public Speech language(String language) {
			return new Speech(withText("language", language));
		}

		/**
		 * Set the voice ({@code voice}).
		 * @param voice the voice as the endpoint names it, such as {@code emma}
		 * @return new parameters
		 * @throws IllegalArgumentException if the voice is blank
		 */
		public Speech voice(String voice) {
			return new Speech(withText("voice", voice));
		}

		@Override
		public Speech set(String name, Object value) {
			return new Speech(with(name, value));
		}

	}

}
