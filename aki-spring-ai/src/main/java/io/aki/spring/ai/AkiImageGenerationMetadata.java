package io.aki.spring.ai;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.image.ImageGenerationMetadata;

/**
 * The metadata of an image.
 *
 * @param jobId the id of the job that generated the image
 * @param seed the seed with which the same endpoint generates the same image again, or
 * {@code null} if the endpoint does not send it
 * @param format the format of the image, in lower case, such as {@code jpeg}
 * @param computeDuration how long the worker computed, or {@code null} if unknown
 * @since 1.0.0
 */
public record AkiImageGenerationMetadata(@Nullable String jobId, @Nullable Long seed, String format,
		@Nullable Duration computeDuration) implements ImageGenerationMetadata {

	/**
	 * Create metadata.
	 * @param jobId the id of the job, or {@code null}
	 * @param seed the seed, or {@code null}
	 * @param format the format
	 * @param computeDuration how long the worker computed, or {@code null}
	 */
	public AkiImageGenerationMetadata {
	}

}
