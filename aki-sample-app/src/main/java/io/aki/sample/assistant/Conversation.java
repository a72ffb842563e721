package io.aki.sample.assistant;

import java.util.List;
import java.util.UUID;

import jakarta.annotation.PreDestroy;

import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.messages.Message;
import org.springframework.stereotype.Component;
import org.springframework.web.context.annotation.SessionScope;

/**
 * The conversation of one browser session. Its id is created here and never sent to the
 * browser, so that a browser cannot read the conversation of another one. The memory
 * keeps the last 20 messages. They are removed when the session ends, which is 30 minutes
 * after its last request.
 */
@Component
@SessionScope
public class Conversation {

	private final String id = UUID.randomUUID().toString();

	private final ChatMemory memory;

	Conversation(ChatMemory memory) {
		this.memory = memory;
	}

	public String id() {
		return this.id;
	}

	public List<Message> messages() {
		return this.memory.get(this.id);
	}

	@PreDestroy
	public void clear() {
		this.memory.clear(this.id);
	}

}
