package io.aki.spring.boot.test;

import java.awt.image.BufferedImage;

/**
 * A drawn landscape.
 */
record DrawnImage(String prompt, long seed, int width, int height) implements ImageSource {

	private static final int PREVIEW = 128;

	@Override
	public BufferedImage image() {
		return new Landscape(this.prompt, this.seed, this.width, this.height).draw();
	}

	@Override
	public BufferedImage preview() {
		double scale = Math.min(1, PREVIEW / (double) Math.max(this.width, this.height));
		return new Landscape("", this.seed ^ this.prompt.hashCode(), Math.max(1, (int) (this.width * scale)),
				Math.max(1, (int) (this.height * scale)))
			.draw();
	}

}
