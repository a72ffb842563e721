package io.aki.spring.ai.autoconfigure;

import java.util.Map;

import io.aki.spring.ai.AkiImageOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the image model of AKI.IO.
 *
 * @param model Name of the image endpoint, such as 'z_image_turbo'.
 * @param n Number of images. Each image is a job of its own, which costs money. 1 if not
 * set.
 * @param width Width in pixels. Endpoints usually allow 128 to 2048.
 * @param height Height in pixels. Endpoints usually allow 128 to 2048.
 * @param responseFormat Form of the images in a response. 'b64_json' if not set.
 * @param seed Seed of the random numbers. Random if not set.
 * @param steps Number of steps. More steps take more time.
 * @param guidance How closely the image follows the prompt.
 * @param negativePrompt What the images must not show.
 * @param params Other parameters of the endpoint, under the API's own names. A value that
 * is a number or a boolean is sent as such.
 */
@ConfigurationProperties("spring.ai.aki.image")
record AkiImageProperties(@Nullable String model, @Nullable Integer n, @Nullable Integer width,
		@Nullable Integer height, @Nullable String responseFormat, @Nullable Long seed, @Nullable Integer steps,
		@Nullable Double guidance, @Nullable String negativePrompt, @DefaultValue Map<String, Object> params) {

	AkiImageOptions toOptions() {
		return AkiImageOptions.builder()
			.model(this.model)
			.n(this.n)
			.width(this.width)
			.height(this.height)
			.responseFormat(this.responseFormat)
			.seed(this.seed)
			.steps(this.steps)
			.guidance(this.guidance)
			.negativePrompt(this.negativePrompt)
			.params(ParamValues.of(this.params))
			.build();
	}

}
