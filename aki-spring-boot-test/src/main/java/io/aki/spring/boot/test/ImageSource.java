package io.aki.spring.boot.test;

import java.awt.image.BufferedImage;

/**
 * An image that can be made whenever it is asked for, the same each time.
 */
interface ImageSource {

	BufferedImage image();

	/**
	 * A small version of it.
	 */
	BufferedImage preview();

}
