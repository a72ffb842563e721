package io.aki.client;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What is known about formats of binary data: their media types, their signatures and
 * their file name extensions.
 */
final class MediaFormat {

	private static final Set<String> IMAGE = Set.of("png", "jpeg", "jpg", "webp", "tiff", "tif", "gif", "bmp", "avif",
			"heic");

	private static final Set<String> AUDIO = Set.of("wav", "mp3", "ogg", "flac", "m4a", "aac", "opus");

	private static final Set<String> VIDEO = Set.of("mp4", "webm", "mov", "mkv");

	private MediaFormat() {
	}

	static String mediaTypeOf(@Nullable String format) {
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
	 * Find the format of data, by its signature or else by the name of its file.
	 * @return the format, or {@code null} if neither tells
	 */
	static @Nullable String detect(byte[] data, @Nullable String fileName) {
		String format = ofSignature(data);
		return (format != null) ? format : ofFileName(fileName);
	}

	private static @Nullable String ofFileName(@Nullable String fileName) {
		if (fileName == null) {
			return null;
		}
		String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
		return "octet-stream".equals(mediaTypeOf(extension)) ? null : extension;
	}

	private static @Nullable String ofSignature(byte[] data) {
		if (has(data, 0, "\u0089PNG\r\n\u001a\n")) {
			return "png";
		}
		if (has(data, 0, "\u00ff\u00d8\u00ff")) {
			return "jpeg";
		}
		if (has(data, 0, "GIF87a") || has(data, 0, "GIF89a")) {
			return "gif";
		}
		if (has(data, 0, "RIFF")) {
			return has(data, 8, "WEBP") ? "webp" : (has(data, 8, "WAVE") ? "wav" : null);
		}
		if (has(data, 0, "II*\0") || has(data, 0, "MM\0*")) {
			return "tiff";
		}
		if (has(data, 0, "BM") && data.length > 26) {
			return "bmp";
		}
		if (has(data, 4, "ftyp")) {
			return ofIsoBrand(data);
		}
		return ofAudioSignature(data);
	}

	private static @Nullable String ofAudioSignature(byte[] data) {
		if (has(data, 0, "OggS")) {
			return "ogg";
		}
		if (has(data, 0, "fLaC")) {
			return "flac";
		}
		boolean mpegFrame = data.length > 2 && (data[0] & 0xff) == 0xff && (data[1] & 0xe6) == 0xe2;
		return (has(data, 0, "ID3") || mpegFrame) ? "mp3" : null;
	}

	private static String ofIsoBrand(byte[] data) {
		if (has(data, 8, "avif")) {
			return "avif";
		}
		if (has(data, 8, "hei")) {
			return "heic";
		}
		return has(data, 8, "M4A") ? "m4a" : "mp4";
	}

	private static boolean has(byte[] data, int offset, String signature) {
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
