package io.aki.sample.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Stores the messages of conversations in memory. The model has no memory, so that each
 * request must contain the earlier messages. The number of messages and conversations is
 * limited. If there are too many, the oldest messages and the least recently used
 * conversations are removed.
 */
@Component
class Conversations {

	private static final int MOST_CONVERSATIONS = 1000;

	private static final int MOST_MESSAGES = 20;

	/**
	 * One message, in the format of the API.
	 *
	 * @param role {@code user} or {@code assistant}
	 * @param content the text of the message
	 */
	record Message(String role, String content) {

	}

	private final Map<String, List<Message>> conversations = new LinkedHashMap<>(16, 0.75f, true);

	/**
	 * Return the messages to send with a prompt.
	 * @param id the id of the conversation; {@code null} for a prompt without a
	 * conversation
	 * @param prompt the new prompt of the user
	 * @return the conversation so far, and the prompt
	 */
	synchronized List<Message> context(@Nullable String id, String prompt) {
		List<Message> context = new ArrayList<>();
		if (id != null) {
			context.addAll(this.conversations.getOrDefault(id, List.of()));
		}
		context.add(new Message("user", prompt));
		return context;
	}

	synchronized List<Message> messages(String id) {
		return List.copyOf(this.conversations.getOrDefault(id, List.of()));
	}

	synchronized void add(@Nullable String id, String prompt, @Nullable String answer) {
		if (id == null || answer == null || answer.isBlank()) {
			return;
		}
		List<Message> messages = this.conversations.computeIfAbsent(id, (newId) -> new ArrayList<>());
		messages.add(new Message("user", prompt));
		messages.add(new Message("assistant", answer));
		while (messages.size() > MOST_MESSAGES) {
			messages.remove(0);
		}
		if (this.conversations.size() > MOST_CONVERSATIONS) {
			this.conversations.remove(this.conversations.keySet().iterator().next());
		}
	}

}
