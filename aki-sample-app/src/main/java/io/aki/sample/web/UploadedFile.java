package io.aki.sample.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

import io.aki.client.AkiBinary;

import org.springframework.http.HttpStatus;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

/**
 * Reads uploaded files. The content determines the format; the name and the type that the
 * browser sends are ignored.
 */
public final class UploadedFile {

	private static final Set<String> IMAGES = Set.of("png", "jpeg", "webp");

	private static final Set<String> SOUNDS = Set.of("wav", "mp3", "ogg", "flac");

	private UploadedFile() {
	}

	public static AkiBinary image(MultipartFile file) {
		AkiBinary binary = read(file);
		if (!IMAGES.contains(binary.format())) {
			throw refused("The file is not a PNG, JPEG or WebP picture");
		}
		return binary;
	}

	public static AkiBinary audio(MultipartFile file) {
		AkiBinary binary = read(file);
		if (!SOUNDS.contains(binary.format())) {
			throw refused("The file is not a WAV, MP3, OGG or FLAC sound");
		}
		return binary;
	}

	private static AkiBinary read(MultipartFile file) {
		try {
			byte[] data = file.getBytes();
			return new AkiBinary(format(data), data);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the format of binary data.
	 * @return {@code octet-stream} if the format is unknown
	 */
	public static String format(byte[] data) {
		return format(new String(data, 0, Math.min(data.length, 12), StandardCharsets.ISO_8859_1));
	}

	private static String format(String start) {
		if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
			return "png";
		}
		if (start.startsWith("\u00ff\u00d8\u00ff")) {
			return "jpeg";
		}
		if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
			return "gif";
		}
		if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
			return "webp";
		}
		if (start.startsWith("RIFF") && start.startsWith("WAVE", 8)) {
			return "wav";
		}
		if (start.startsWith("ID3") || start.matches("(?s)\u00ff[\u00e0-\u00ff].*")) {
			return "mp3";
		}
		return start.startsWith("OggS") ? "ogg" : start.startsWith("fLaC") ? "flac" : "octet-stream";
	}

	private static ResponseStatusException refused(String message) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, message);
	}

}
