package io.aki.sample.images;

import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * The image that is wished for.
 *
 * @param prompt what it shows
 * @param width the width in pixels; by default the endpoint's own
 * @param height the height in pixels; by default the endpoint's own
 * @param seed the same seed makes the same image again; -1, the default, draws one
 */
record ImageRequest(@NotBlank @Size(max = 4000) @Nullable String prompt, @Min(128) @Max(2048) @Nullable Integer width,
		@Min(128) @Max(2048) @Nullable Integer height, @Min(-1) @Nullable Long seed) {

	Map<String, ?> params() {
		Map<String, Object> params = new LinkedHashMap<>();
		put(params, "prompt", this.prompt);
		put(params, "width", this.width);
		put(params, "height", this.height);
		put(params, "seed", this.seed);
		return params;
	}

	private static void put(Map<String, Object> params, String name, @Nullable Object value) {
		if (value != null) {
			params.put(name, value);
		}
	}

}
