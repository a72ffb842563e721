package io.aki.client.json;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Formats of binary data: their media types, signatures and file name extensions.
 *
 * @since 1.0.0
 */
public final class MediaFormat {

	private static final Set<String> IMAGE = Set.of("png", "jpeg", "jpg", "webp", "tiff", "tif", "gif", "bmp", "avif",
			"heic");

	private static final Set<String> AUDIO = Set.of("wav", "mp3", "ogg", "flac", "m4a", "aac", "opus");

	private static final Set<String> VIDEO = Set.of("mp4", "webm", "mov", "mkv");

	private MediaFormat() {
	}

	/**
	 * Return the media type of a format.
	 * @param format the format, such as {@code png}, in any case
	 * @return {@code image}, {@code audio}, {@code video} or, for other formats,
	 * {@code octet-stream}
	 */
	public static String mediaTypeOf(@Nullable String format) {
		Assert.notNull(format, "'mediaFormat' must not be null");
		String lowerCase = format.toLowerCase(Locale.ROOT);
		if (IMAGE.contains(lowerCase)) {
			return "image";
		}
		if (AUDIO.contains(lowerCase)) {
			return "audio";
		}
		return VIDEO.contains(lowerCase) ? "video" : "octet-stream";
	}

	/**
	 * Detect the format of data from its signature, else from its file name.
	 * @return the format, or {@code null} if it is unknown
	 */
	static @Nullable String detect(byte[] data, @Nullable String fileName) {
		String format = fromSignature(data);
		return (format != null) ? format : fromFileName(fileName);
	}

	private static @Nullable String fromFileName(@Nullable String fileName) {
		if (fileName == null) {
			return null;
		}
		String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
		return "octet-stream".equals(mediaTypeOf(extension)) ? null : extension;
	}

	private static @Nullable String fromSignature(byte[] data) {
		if (startsAt(data, 0, "\u0089PNG\r\n\u001a\n")) {
			return "png";
		}
		if (startsAt(data, 0, "\u00ff\u00d8\u00ff")) {
			return "jpeg";
		}
		if (startsAt(data, 0, "GIF87a") || startsAt(data, 0, "GIF89a")) {
			return "gif";
		}
		if (startsAt(data, 0, "RIFF")) {
			return startsAt(data, 8, "WEBP") ? "webp" : (startsAt(data, 8, "WAVE") ? "wav" : null);
		}
		if (startsAt(data, 0, "II*\0") || startsAt(data, 0, "MM\0*")) {
			return "tiff";
		}
		if (startsAt(data, 0, "BM") && data.length > 26) {
			return "bmp";
		}
		if (startsAt(data, 4, "ftyp")) {
			return fromIsoBrand(data);
		}
		return fromAudioSignature(data);
	}

	private static @Nullable String fromAudioSignature(byte[] data) {
		if (startsAt(data, 0, "OggS")) {
			return "ogg";
		}
		if (startsAt(data, 0, "fLaC")) {
			return "flac";
		}
		boolean mpegFrame = data.length > 2 && (data[0] & 0xff) == 0xff && (data[1] & 0xe6) == 0xe2;
		return (startsAt(data, 0, "ID3") || mpegFrame) ? "mp3" : null;
	}

	private static String fromIsoBrand(byte[] data) {
		if (startsAt(data, 8, "avif")) {
			return "avif";
		}
		if (startsAt(data, 8, "hei")) {
			return "heic";
		}
		return startsAt(data, 8, "M4A") ? "m4a" : "mp4";
	}

	private static boolean startsAt(byte[] data, int offset, String signature) {
		byte[] expected = signature.getBytes(StandardCharsets.ISO_8859_1);
		if (data.length < offset + expected.length) {
			return false;
		}
		for (int i = 0; i < expected.length; i++) {
			if (data[offset + i] != expected[i]) {
				return false;
			}
		}
		return true;
	}

}
