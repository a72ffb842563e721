package io.aki.spring.boot.test;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/**
 * Draws a landscape: a sky with a sun or a moon in it, clouds, and hills down to the
 * foreground. Prompt and seed decide on colours and shapes.
 */
final class Landscape {

	private static final int HILLS = 5;

	private final String prompt;

	private final int width;

	private final int height;

	private final SplittableRandom random;

	private final boolean night;

	private final float skyHue;

	private final float landHue;

	private final double horizon;

	Landscape(String prompt, long seed, int width, int height) {
		this.prompt = prompt;
		this.width = width;
		this.height = height;
		this.random = new SplittableRandom(seed ^ prompt.hashCode());
		this.night = this.random.nextInt(3) == 0;
		this.skyHue = (float) (this.night ? 0.58 + 0.16 * this.random.nextDouble() : this.random.nextDouble());
		this.landHue = this.skyHue + 0.08f + (float) (0.4 * this.random.nextDouble());
		this.horizon = height * (0.48 + 0.14 * this.random.nextDouble());
	}

	BufferedImage draw() {
		Headless.ensure();
		BufferedImage image = new BufferedImage(this.width, this.height, BufferedImage.TYPE_INT_RGB);
		Graphics2D graphics = image.createGraphics();
		graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
		drawSky(graphics);
		if (this.night) {
			drawStars(graphics);
		}
		drawSunOrMoon(graphics);
		drawClouds(graphics);
		for (int i = 0; i < HILLS; i++) {
			drawHill(graphics, i);
		}
		graphics.dispose();
		new Caption(this.prompt).writeOn(image);
		return image;
	}

	private void drawSky(Graphics2D graphics) {
		Color top = Color.getHSBColor(this.skyHue, this.night ? 0.75f : 0.55f, this.night ? 0.16f : 0.78f);
		Color low = Color.getHSBColor(this.skyHue + 0.12f, this.night ? 0.55f : 0.32f, this.night ? 0.42f : 1f);
		graphics.setPaint(new GradientPaint(0, 0, top, 0, (float) this.horizon, low));
		graphics.fillRect(0, 0, this.width, this.height);
	}

	private void drawStars(Graphics2D graphics) {
		for (int i = 0; i < 120; i++) {
			double size = unit(0.8 + 2 * this.random.nextDouble());
			graphics.setColor(new Color(255, 255, 255, 90 + this.random.nextInt(150)));
			graphics.fill(new Ellipse2D.Double(this.random.nextDouble() * this.width,
					this.random.nextDouble() * this.horizon, size, size));
		}
	}

	private void drawSunOrMoon(Graphics2D graphics) {
		double x = this.width * (0.2 + 0.6 * this.random.nextDouble());
		double y = this.horizon * (0.3 + 0.5 * this.random.nextDouble());
		double radius = unit(26 + 26 * this.random.nextDouble());
		Color light = this.night ? new Color(240, 244, 255) : Color.getHSBColor(this.skyHue + 0.14f, 0.16f, 1f);
		glow(graphics, x, y, radius * 5, withAlpha(light, 150));
		graphics.setColor(light);
		graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
	}

	private void drawClouds(Graphics2D graphics) {
		int clouds = 2 + this.random.nextInt(4);
		for (int i = 0; i < clouds; i++) {
			double x = this.random.nextDouble() * this.width;
			double y = this.horizon * (0.1 + 0.6 * this.random.nextDouble());
			for (int puff = 0; puff < 6; puff++) {
				glow(graphics, x + unit(110 * (this.random.nextDouble() - 0.5)),
						y + unit(18 * (this.random.nextDouble() - 0.5)), unit(24 + 40 * this.random.nextDouble()),
						new Color(255, 255, 255, this.night ? 26 : 80));
			}
		}
	}

	private void drawHill(Graphics2D graphics, int index) {
		double depth = (index + 1) / (double) HILLS;
		double base = this.horizon + (this.height - this.horizon) * (depth - 1.0 / HILLS) * 0.95;
		double swing = unit(16 + 34 * this.random.nextDouble()) * (1.2 - 0.5 * depth);
		double waves = 1.2 + 2.4 * this.random.nextDouble();
		double phase = 2 * Math.PI * this.random.nextDouble();
		Path2D ridge = new Path2D.Double();
		ridge.moveTo(0, this.height);
		for (int i = 0; i <= 80; i++) {
			double along = i / 80.0;
			double bend = StrictMath.sin(phase + along * waves * Math.PI)
					+ 0.35 * StrictMath.sin(2.7 * phase + along * waves * 2.9 * Math.PI);
			ridge.lineTo(along * this.width, base - swing * bend);
		}
		ridge.lineTo(this.width, this.height);
		ridge.closePath();
		float brightness = (float) ((this.night ? 0.40 : 0.82) * (1.05 - 0.75 * depth));
		Color crest = Color.getHSBColor(this.landHue, (float) (0.25 + 0.4 * depth), brightness);
		Color foot = Color.getHSBColor(this.landHue + 0.05f, (float) (0.35 + 0.4 * depth), brightness * 0.72f);
		graphics
			.setPaint(new GradientPaint(0, (float) (base - swing), crest, 0, (float) (base + this.height * 0.3), foot));
		graphics.fill(ridge);
		graphics.setColor(new Color(255, 255, 255, 22));
		graphics.setStroke(new BasicStroke((float) unit(1.4)));
		graphics.draw(ridge);
	}

	private static void glow(Graphics2D graphics, double x, double y, double radius, Color colour) {
		graphics.setPaint(new RadialGradientPaint(new Point2D.Double(x, y), (float) Math.max(radius, 0.5),
				new float[] { 0, 1 }, new Color[] { colour, withAlpha(colour, 0) }));
		graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
	}

	private static Color withAlpha(Color colour, int alpha) {
		return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
	}

	// lengths are thought for an image of 512 by 512
	private double unit(double length) {
		return length * Math.min(this.width, this.height) / 512;
	}

}
