package io.aki.spring.boot.test;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * A given image in another light.
 *
 * @param given the image as a data URI that can be read
 * @param prompt what to do with it, also written on it
 * @param seed determines the light
 * @param width the width wanted, 0 for the image's own
 * @param height the height wanted, 0 for the image's own
 */
record EditedImage(String given, String prompt, long seed, int width, int height) implements ImageSource {

	private static final int LARGEST = 2048;

	private static final int PREVIEW = 128;

	@Override
	public BufferedImage image() {
		BufferedImage original = original();
		double scale = Math.min(1, LARGEST / (double) Math.max(original.getWidth(), original.getHeight()));
		BufferedImage edited = edit(original, (this.width > 0) ? this.width : scaled(original.getWidth(), scale),
				(this.height > 0) ? this.height : scaled(original.getHeight(), scale));
		new Caption(this.prompt).writeOn(edited);
		return edited;
	}

	@Override
	public BufferedImage preview() {
		BufferedImage original = original();
		double scale = Math.min(1, PREVIEW / (double) Math.max(original.getWidth(), original.getHeight()));
		return edit(original, scaled(original.getWidth(), scale), scaled(original.getHeight(), scale));
	}

	private BufferedImage original() {
		return Objects.requireNonNull(ImageData.decode(this.given));
	}

	private BufferedImage edit(BufferedImage original, int toWidth, int toHeight) {
		Headless.ensure();
		BufferedImage edited = new BufferedImage(toWidth, toHeight, BufferedImage.TYPE_INT_RGB);
		Graphics2D graphics = edited.createGraphics();
		graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
		graphics.drawImage(original, 0, 0, toWidth, toHeight, null);
		float hue = (float) new SplittableRandom(this.seed ^ this.prompt.hashCode()).nextDouble();
		graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.45f));
		graphics.setPaint(new GradientPaint(0, 0, Color.getHSBColor(hue, 0.8f, 1), toWidth, toHeight,
				Color.getHSBColor(hue + 0.25f, 0.9f, 0.7f)));
		graphics.fillRect(0, 0, toWidth, toHeight);
		graphics.dispose();
		return edited;
	}

	private static int scaled(int length, double scale) {
		return Math.max(1, (int) Math.round(length * scale));
	}

}
