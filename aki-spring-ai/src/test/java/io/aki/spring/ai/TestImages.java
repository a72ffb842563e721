package io.aki.spring.ai;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import javax.imageio.ImageIO;

/**
 * Images for tests.
 */
public final class TestImages {

	private TestImages() {
	}

	public static byte[] png() {
		try {
			ByteArrayOutputStream output = new ByteArrayOutputStream();
			ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", output);
			return output.toByteArray();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
