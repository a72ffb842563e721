package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Work that generates an image in steps.
 */
record ImageWork(Endpoint endpoint, GeneratedImage image, String prompt, long seed, int steps, boolean previews,
		Duration duration) implements Work {

	@Override
	public @Nullable WorkProgress progress(double fraction) {
		int step = (int) (fraction * this.steps);
		if (step == 0) {
			return null;
		}
		Map<String, Object> data = new LinkedHashMap<>();
		if (this.previews) {
			data.put("progress_images", List.of(this.image.preview(this.endpoint.imageFormat())));
		}
		data.put("progress_message", "step " + step + "/" + this.steps);
		return new WorkProgress(100 * step / this.steps, data);
	}

	@Override
	public Map<String, Object> output(double fraction) {
		if (fraction < 1) {
			return Map.of();
		}
		Map<String, Object> output = new LinkedHashMap<>();
		output.put("images", List.of(this.image.dataUri(this.endpoint.imageFormat())));
		output.put("seed", this.seed);
		output.put("prompt", this.prompt);
		output.put("model_name", this.endpoint.modelName());
		return output;
	}

}
