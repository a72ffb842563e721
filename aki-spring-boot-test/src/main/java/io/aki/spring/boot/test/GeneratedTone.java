package io.aki.spring.boot.test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Generates a tone of 0.1 seconds for each character of a text, up to 60 seconds. The
 * text and the voice determine the pitch.
 */
record GeneratedTone(String text, String voice) {

	private static final int SAMPLE_RATE = 22050;

	private static final int HEADER = 44;

	/** Return the tone as a WAV file: 16 bit, mono. */
	byte[] wav() {
		int samples = Math.min(this.text.length(), 600) * SAMPLE_RATE / 10;
		ByteBuffer file = ByteBuffer.allocate(HEADER + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
		file.put(ascii("RIFF")).putInt(HEADER - 8 + 2 * samples).put(ascii("WAVEfmt ")).putInt(16);
		file.putShort((short) 1).putShort((short) 1).putInt(SAMPLE_RATE).putInt(2 * SAMPLE_RATE);
		file.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(2 * samples);
		double frequency = 220 + Math.floorMod((this.text + this.voice).hashCode(), 440);
		for (int i = 0; i < samples; i++) {
			file.putShort((short) (8000 * StrictMath.sin(2 * Math.PI * frequency * i / SAMPLE_RATE)));
		}
		return file.array();
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
