package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Work that generates audio. The length of the text determines the length of the audio.
 */
record SpeechWork(Endpoint endpoint, String text, String voice) implements Work {

	private static final int CHARACTERS_PER_PART = 80;

	@Override
	public Duration duration() {
		return Duration.ofMillis(800 + 4L * Math.min(this.text.length(), 2000));
	}

	@Override
	public @Nullable WorkProgress progress(double fraction) {
		int parts = Math.max(4, this.text.length() / CHARACTERS_PER_PART);
		int part = (int) (fraction * parts);
		return (part == 0) ? null
				: new WorkProgress(100 * part / parts, Map.of("progress_message", "part " + part + "/" + parts));
	}

	@Override
	public Map<String, Object> output(double fraction) {
		if (fraction < 1) {
			return Map.of();
		}
		byte[] wav = new GeneratedTone(this.text, this.voice).wav();
		Map<String, Object> output = new LinkedHashMap<>();
		output.put("audio_output", "data:audio/wav;base64," + Base64.getEncoder().encodeToString(wav));
		output.put("model_name", this.endpoint.modelName());
		return output;
	}

}
