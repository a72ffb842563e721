package io.aki.spring.ai;

import io.aki.client.AkiClient;

import org.springframework.ai.content.Media;
import org.springframework.util.MimeType;

/**
 * Converts the media of Spring AI into the data URIs that AKI.IO accepts.
 */
final class MediaUris {

	private static final String DATA = "data:";

	private MediaUris() {
	}

	/**
	 * Return a medium as a data URI.
	 * @throws IllegalArgumentException if the medium is a URL, which the server does not
	 * load
	 */
	static String of(Media media) {
		Object data = media.getData();
		MimeType type = media.getMimeType();
		if (data instanceof byte[] bytes) {
			return AkiClient.encodeBinary(bytes, type.getSubtype(), type.getType());
		}
		String text = String.valueOf(data);
		if (text.startsWith(DATA)) {
			return text;
		}
		if (AkiClient.checkIfValidBase64String(text)) {
			return DATA + type.getType() + "/" + type.getSubtype() + ";base64," + text;
		}
		throw new IllegalArgumentException("The medium of the type '" + type
				+ "' is a URL, but AKI.IO accepts only data. Load it, for example with new Media(mimeType, new UrlResource(url))");
	}

}
