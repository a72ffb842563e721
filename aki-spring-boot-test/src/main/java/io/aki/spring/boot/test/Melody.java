package io.aki.spring.boot.test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A text as a tune: a tone for each letter, a rest for each gap.
 *
 * @param text the text, sung up to its 600th character
 * @param voice determines the pitch
 */
record Melody(String text, String voice) {

	static final int SAMPLE_RATE = 22050;

	private static final int LONGEST = 600;

	private static final int TONE = SAMPLE_RATE / 11;

	// a tone rings on into the next ones
	private static final int RING = 3 * TONE;

	// two octaves of a pentatonic scale, in which any two tones agree
	private static final int[] SCALE = { 0, 2, 4, 7, 9, 12, 14, 16, 19, 21 };

	private static final int HEADER = 44;

	byte[] wav() {
		float[] samples = samples();
		ByteBuffer file = ByteBuffer.allocate(HEADER + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
		file.put(ascii("RIFF")).putInt(HEADER - 8 + 2 * samples.length).put(ascii("WAVE"));
		file.put(ascii("fmt ")).putInt(16);
		file.putShort((short) 1).putShort((short) 1).putInt(SAMPLE_RATE).putInt(2 * SAMPLE_RATE);
		file.putShort((short) 2).putShort((short) 16);
		file.put(ascii("data")).putInt(2 * samples.length);
		for (float sample : samples) {
			file.putShort((short) Math.round(Math.max(-1, Math.min(1, sample)) * 32000));
		}
		return file.array();
	}

	private float[] samples() {
		int[] letters = this.text.codePoints().limit(LONGEST).toArray();
		float[] samples = new float[letters.length * TONE + RING];
		for (int i = 0; i < letters.length; i++) {
			if (Character.isLetterOrDigit(letters[i])) {
				addTone(samples, i * TONE, frequency(Character.toLowerCase(letters[i])));
			}
		}
		return samples;
	}

	private double frequency(int letter) {
		int semitone = SCALE[Math.floorMod(letter * 7, SCALE.length)] + Math.floorMod(this.voice.hashCode(), 7);
		return 220 * StrictMath.pow(2, semitone / 12.0);
	}

	private static void addTone(float[] samples, int start, double frequency) {
		for (int i = 0; i < RING; i++) {
			double attack = Math.min(1, i / 200.0);
			double decay = StrictMath.exp(-4.0 * i / RING) * (1 - i / (double) RING);
			double angle = 2 * Math.PI * frequency * i / SAMPLE_RATE;
			double wave = StrictMath.sin(angle) + 0.3 * StrictMath.sin(2 * angle) + 0.1 * StrictMath.sin(3 * angle);
			samples[start + i] += (float) (0.25 * attack * decay * wave);
		}
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
