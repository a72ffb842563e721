package io.aki.sample.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Remembers what was said, as the model has no memory of its own and must be sent it each
 * time. In memory and bounded: the messages and conversations that are too many are
 * forgotten, oldest first.
 */
@Component
class Conversations {

	private static final int MOST_CONVERSATIONS = 1000;

	private static final int MOST_MESSAGES = 20;

	/**
	 * One message, as the API takes it.
	 *
	 * @param role {@code user} or {@code assistant}
	 * @param content what was said
	 */
	record Message(String role, String content) {

	}

	private final Map<String, List<Message>> conversations = new LinkedHashMap<>(16, 0.75f, true);

	/**
	 * Return what is to be sent with a prompt.
	 * @param id names the conversation; {@code null} for a prompt without one
	 * @param prompt what the user says now
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
