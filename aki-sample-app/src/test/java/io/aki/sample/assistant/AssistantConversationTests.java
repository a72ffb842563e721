package io.aki.sample.assistant;

import io.aki.sample.SampleTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.ChatMemoryRepository;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;

@SampleTest
class AssistantConversationTests {

	@Autowired
	private Conversation conversation;

	@Autowired
	private ChatMemory memory;

	@Autowired
	private ChatMemoryRepository repository;

	@AfterEach
	void leave() {
		RequestContextHolder.resetRequestAttributes();
	}

	@Test
	void isRemovedFromTheMemoryWhenTheSessionEnds() {
		MockHttpSession session = enter();
		String id = this.conversation.id();
		this.memory.add(id, new UserMessage("Hello"));
		assertThat(this.conversation.messages()).hasSize(1);
		session.invalidate();
		assertThat(this.repository.findConversationIds()).doesNotContain(id);
	}

	@Test
	void hasAnIdOfItsOwnInEachSession() {
		enter();
		String id = this.conversation.id();
		assertThat(this.conversation.id()).isEqualTo(id);
		enter();
		assertThat(this.conversation.id()).isNotEqualTo(id);
	}

	private static MockHttpSession enter() {
		MockHttpSession session = new MockHttpSession();
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setSession(session);
		RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
		return session;
	}

}
