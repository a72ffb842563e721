package io.aki.sample.page;

import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;
import org.springframework.web.multipart.MultipartFile;

/**
 * The form of the Images page.
 *
 * @param prompt what the image shows, or how to edit it
 * @param endpoint the endpoint that creates the image
 * @param size the width and the height; empty for the default of the endpoint
 * @param seed the seed; empty for a random one
 * @param steps the number of steps; empty for the default of the endpoint
 * @param negativePrompt what the image does not show
 * @param count the number of images
 * @param image an uploaded image to edit
 * @param source an image of an earlier task to edit: the task's id and the position
 */
record ImageForm(@NotBlank @Size(max = PROMPT_LENGTH_MAX, message = "must have at most {max} characters") String prompt,
		@Nullable String endpoint,
		@Nullable @Pattern(regexp = "(\\d{3,4}x\\d{3,4})?", message = "must be like 768x512") String size,
		@Nullable Long seed, @Nullable Integer steps,
		@Nullable @Size(max = PROMPT_LENGTH_MAX, message = "must have at most {max} characters") String negativePrompt,
		@Nullable @Min(1) @Max(COUNT_MAX) Integer count, @Nullable MultipartFile image,
		@Nullable @Pattern(regexp = "([0-9a-f-]{36}/\\d)?") String source) {

	static final int PROMPT_LENGTH_MAX = 2000;

	static final int COUNT_MAX = 4;

	static final String SOURCE = "source";

	ImageForm {
		// browsers send a newline as two characters
		prompt = (prompt != null) ? prompt.replace("\r\n", "\n") : "";
	}

	boolean isEdit() {
		return (this.image != null && !this.image.isEmpty()) || StringUtils.hasText(this.source);
	}

	int images() {
		return (this.count != null) ? this.count : 1;
	}

	/**
	 * Return the parameters of one of the images, without the image to edit.
	 * @param number the number of the image, from 0
	 */
	Map<String, Object> params(int number) {
		Map<String, Object> params = new LinkedHashMap<>();
		params.put("prompt", this.prompt);
		if (StringUtils.hasText(this.size)) {
			int end = this.size.indexOf('x');
			params.put("width", this.size.substring(0, end));
			params.put("height", this.size.substring(end + 1));
		}
		if (this.seed != null) {
			params.put("seed", String.valueOf(this.seed + number));
		}
		if (this.steps != null) {
			params.put("steps", String.valueOf(this.steps));
		}
		if (this.negativePrompt != null) {
			params.put("negative_prompt", this.negativePrompt);
		}
		return params;
	}

}
