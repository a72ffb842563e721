package io.aki.sample.chat;

import java.util.List;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A question.
 *
 * @param text the text; may be blank if there are attachments
 * @param attachments the ids of the attached files
 * @param requestId identifies the request, so that it asks once if it is repeated; 20 to
 * 100 letters, digits and hyphens
 */
@JsonNaming(SnakeCaseStrategy.class)
record Question(@NotNull @Size(max = ChatController.LONGEST_QUESTION) String text,
		@Size(max = ChatController.MAX_FILES, message = TOO_MANY_FILES) List<@NotNull String> attachments,
		@Nullable @Pattern(regexp = REQUEST_ID, message = INVALID_REQUEST_ID) String requestId) {

	static final String REQUEST_ID = "[A-Za-z0-9-]{20,100}";

	static final String INVALID_REQUEST_ID = "must have 20 to 100 characters: the letters A to Z, digits and hyphens";

	static final String TOO_MANY_FILES = "must be at most {max} files";

	Question(String text, @Nullable List<String> attachments, @Nullable String requestId) {
		this.text = text;
		this.attachments = (attachments != null) ? attachments : List.of();
		this.requestId = requestId;
	}

}
