package io.aki.spring.boot.test;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;

import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import org.jspecify.annotations.Nullable;

/**
 * Images as data URIs.
 */
final class ImageData {

	private ImageData() {
	}

	/**
	 * Writes an image.
	 * @param image the image
	 * @param format {@code JPEG} or {@code PNG}, which stands in the URI as it is
	 * @return the data URI
	 */
	static String encode(BufferedImage image, String format) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (MemoryCacheImageOutputStream target = new MemoryCacheImageOutputStream(bytes)) {
			if (!ImageIO.write(image, format, target)) {
				throw new IllegalStateException("This Java cannot write " + format);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return "data:image/" + format + ";base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
	}

	/**
	 * Reads an image.
	 * @param dataUri the data URI
	 * @return the image, null if it cannot be read
	 */
	static @Nullable BufferedImage decode(String dataUri) {
		int comma = dataUri.indexOf(',');
		if (!dataUri.startsWith("data:image/") || comma < 0 || !dataUri.substring(0, comma).endsWith(";base64")) {
			return null;
		}
		Headless.ensure();
		try {
			byte[] bytes = Base64.getMimeDecoder().decode(dataUri.substring(comma + 1));
			return ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)));
		}
		// the readers throw whatever a broken file makes them stumble over
		catch (IOException | RuntimeException ex) {
			return null;
		}
	}

}
