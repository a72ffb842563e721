package io.aki.spring.boot.test;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/**
 * A line of text at the bottom of an image. A machine without fonts gets images without
 * captions.
 */
record Caption(String text) {

	void writeOn(BufferedImage image) {
		if (this.text.isBlank()) {
			return;
		}
		Graphics2D graphics = image.createGraphics();
		try {
			write(graphics, image.getWidth(), image.getHeight());
		}
		// what a Java without fontconfig or without a single font throws here differs
		// from version to version
		catch (RuntimeException | LinkageError | InternalError ex) {
			return;
		}
		finally {
			graphics.dispose();
		}
	}

	private void write(Graphics2D graphics, int width, int height) {
		int size = Math.max(9, Math.min(width, height) / 32);
		graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
		graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
		String line = fitted(graphics, width - 2 * size);
		graphics.setColor(new Color(0, 0, 0, 140));
		graphics.drawString(line, size + 1, height - size + 1);
		graphics.setColor(new Color(255, 255, 255, 220));
		graphics.drawString(line, size, height - size);
	}

	private String fitted(Graphics2D graphics, int width) {
		String line = this.text.replaceAll("\\s+", " ").trim();
		line = line.substring(0, Math.min(line.length(), 400));
		int length = line.length();
		String shown = line;
		while (length > 0 && graphics.getFontMetrics().stringWidth(shown) > width) {
			length--;
			shown = line.substring(0, length).trim() + "…";
		}
		return shown;
	}

}
