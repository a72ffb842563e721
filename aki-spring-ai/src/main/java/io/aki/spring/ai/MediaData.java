package io.aki.spring.ai;

import io.aki.client.AkiClient;

import org.springframework.ai.content.Media;
import org.springframework.util.Assert;
import org.springframework.util.MimeType;

/**
 * Converts the media of Spring AI into the data that AKI.IO accepts.
 */
final class MediaData {

	private MediaData() {
	}

	/**
	 * Return a medium as a data URI, or as bytes if its format must be detected.
	 * @throws IllegalArgumentException if the medium is a text other than a data URI,
	 * usually a URL, which the server does not load
	 */
	static Object of(Media media) {
		MimeType type = media.getMimeType();
		if (media.getData() instanceof byte[] bytes) {
			return type.isConcrete() ? AkiClient.encodeBinary(bytes, type.getSubtype(), type.getType()) : bytes;
		}
		String text = String.valueOf(media.getData());
		Assert.isTrue(text.startsWith("data:"),
				() -> "The medium of the type '" + type
						+ "' is not data. AKI.IO does not load URLs: load it, for example with "
						+ "new Media(mimeType, new UrlResource(url)), or use a data URI");
		return text;
	}

}
