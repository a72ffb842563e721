package io.aki.spring.boot.test;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.SplittableRandom;

import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import org.jspecify.annotations.Nullable;

/**
 * Generates a color gradient, or draws a transparent gradient over a given image. The
 * same values always produce the same image.
 *
 * @param given the image to edit as a data URI, an empty string to generate an image
 * @param prompt the prompt, which determines the colors together with the seed
 * @param seed the seed
 * @param width the width in pixels, 0 for the width of the given image
 * @param height the height in pixels, 0 for the height of the given image
 */
record GeneratedImage(String given, String prompt, long seed, int width, int height) {

	private static final int MAX_SIZE = 2048;

	private static final int PREVIEW_SIZE = 128;

	static {
		// without this, a test could open a display
		if (System.getProperty("java.awt.headless") == null) {
			System.setProperty("java.awt.headless", "true");
		}
	}

	/**
	 * Return the image, with at most 2048 pixels for the longer side.
	 * @param format {@code JPEG} or {@code PNG}. The data URI contains this name
	 * @return a data URI
	 */
	String dataUri(String format) {
		return encode(paint(MAX_SIZE), format);
	}

	/**
	 * Return a small version of the image as a data URI, with at most 128 pixels for the
	 * longer side.
	 */
	String preview(String format) {
		return encode(paint(PREVIEW_SIZE), format);
	}

	/**
	 * Return whether a text is the data URI of a readable image.
	 */
	static boolean isReadable(String dataUri) {
		return decode(dataUri) != null;
	}

	private BufferedImage paint(int maxSize) {
		BufferedImage original = decode(this.given);
		int fullWidth = (this.width > 0 || original == null) ? this.width : original.getWidth();
		int fullHeight = (this.height > 0 || original == null) ? this.height : original.getHeight();
		double scale = Math.min(1, maxSize / (double) Math.max(fullWidth, fullHeight));
		int scaledWidth = Math.max(1, (int) (fullWidth * scale));
		int scaledHeight = Math.max(1, (int) (fullHeight * scale));
		BufferedImage image = new BufferedImage(scaledWidth, scaledHeight, BufferedImage.TYPE_INT_RGB);
		Graphics2D graphics = image.createGraphics();
		if (original != null) {
			graphics.drawImage(original, 0, 0, scaledWidth, scaledHeight, null);
			graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.45f));
		}
		float hue = (float) new SplittableRandom(this.seed ^ this.prompt.hashCode()).nextDouble();
		graphics.setPaint(new GradientPaint(0, 0, Color.getHSBColor(hue, 0.8f, 1), scaledWidth, scaledHeight,
				Color.getHSBColor(hue + 0.25f, 0.9f, 0.7f)));
		graphics.fillRect(0, 0, scaledWidth, scaledHeight);
		graphics.dispose();
		return image;
	}

	private static String encode(BufferedImage image, String format) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
			ImageIO.write(image, format, stream);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return "data:image/" + format + ";base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
	}

	private static @Nullable BufferedImage decode(String dataUri) {
		int comma = dataUri.indexOf(";base64,");
		if (!dataUri.startsWith("data:image/") || comma < 0) {
			return null;
		}
		try {
			byte[] bytes = Base64.getMimeDecoder().decode(dataUri.substring(comma + 8));
			return ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)));
		}
		catch (IOException | RuntimeException ex) {
			// image readers throw various exceptions for invalid files
			return null;
		}
	}

}
