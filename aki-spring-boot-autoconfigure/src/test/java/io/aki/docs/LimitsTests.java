package io.aki.docs;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.aki.client.AkiClient;
import io.aki.client.AkiJob;
import io.aki.client.AkiParameters;
import io.aki.client.AkiRequestGuard;
import io.aki.client.AkiRequestRefusedException;
import io.aki.client.AkiResult;
import io.aki.client.AkiStartRequest;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs the snippets of the page about limits.
 */
@Timeout(60)
class LimitsTests {

	private static final AkiParameters.Chat CHAT = AkiParameters.chat().user("Hello");

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.builder().pace(100).build();

	private final AkiClient.Builder builder = AkiClient.builder()
		.apiServer(this.emulator.apiServer())
		.apiKey(this.emulator.apiKey())
		.endpoint("llama3_8b_chat");

	@Test
	void eachUserHasThreeRequestsAtTheSameTime() {
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(AkiEmulatorFault.Phase.START).times(4));
		Principal alice = () -> "alice";
		try (AkiClient aki = this.builder.requestGuard(new RequestsPerUser()).principal(() -> alice).build()) {
			List<AkiJob> jobs = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				jobs.add(aki.doApiRequestAsync(CHAT));
			}
			assertThatExceptionOfType(AkiRequestRefusedException.class).isThrownBy(() -> aki.doApiRequest(CHAT))
				.satisfies((ex) -> assertThat(ex.retryAfter()).isEqualTo(Duration.ofSeconds(10)));
			try (AkiClient bob = aki.mutate().principal(() -> () -> "bob").build()) {
				bob.doApiRequestAsync(CHAT);
			}
			jobs.forEach(AkiJob::cancel);
			jobs.forEach((job) -> job.result().join());
			aki.doApiRequest(CHAT).orThrow();
		}
	}

	@Test
	void userWithoutLoginIsRefused() {
		try (AkiClient aki = this.builder.requestGuard(new RequestsPerUser()).build()) {
			assertThatExceptionOfType(AkiRequestRefusedException.class).isThrownBy(() -> aki.doApiRequest(CHAT))
				.satisfies((ex) -> assertThat(ex.retryAfter()).isNull());
		}
		assertThat(this.emulator.requests()).isEmpty();
	}

	@Test
	void guardWithoutSpring() {
		// tag::builder[]
		AkiClient aki = this.builder.requestGuard((request) -> {
			if (request.parameters().get("max_gen_tokens") instanceof Number tokens && tokens.longValue() > 2000) {
				throw new AkiRequestRefusedException(request.endpoint(), "Ask for at most 2000 tokens");
			}
		}).build();
		// end::builder[]
		assertThatExceptionOfType(AkiRequestRefusedException.class)
			.isThrownBy(() -> aki.doApiRequest(CHAT.maxGenTokens(2001)))
			.withMessageContaining("at most 2000 tokens");
		aki.doApiRequest(CHAT.maxGenTokens(20)).orThrow();
		aki.close();
	}

	@Test
	void userOfAReactiveRequest() {
		List<String> users = new ArrayList<>();
		try (AkiClient aki = this.builder.requestGuard((request) -> users.add(request.principal().getName())).build()) {
			Answers answers = new Answers(aki);
			assertThat(answers.answer(Mono.just(() -> "alice")).block(Duration.ofSeconds(30)).success()).isTrue();
		}
		assertThat(users).containsExactly("alice");
	}

	private record Answers(AkiClient aki) {

		// tag::reactive[]
		Mono<AkiResult> answer(Mono<Principal> principal) {
			return principal.flatMap((user) -> {
				AkiClient akiOfUser = this.aki.mutate().principal(() -> user).build();
				return Mono.fromFuture(() -> akiOfUser.doApiRequestAsync(CHAT).result());
			});
		}
		// end::reactive[]

	}

	// tag::guard[]
	@Component
	@Order(1)
	static class RequestsPerUser implements AkiRequestGuard {

		private final Map<String, Integer> running = new ConcurrentHashMap<>();

		@Override
		public void beforeStart(AkiStartRequest request) {
			if (request.principal() == null) {
				throw new AkiRequestRefusedException(request.endpoint(), "Log in first");
			}
			this.running.compute(request.principal().getName(), (user, count) -> {
				if (count != null && count >= 3) {
					throw new AkiRequestRefusedException(request.endpoint(), "Three of your requests are running",
							Duration.ofSeconds(10));
				}
				return (count != null) ? count + 1 : 1;
			});
		}

		@Override
		public void afterEnd(AkiStartRequest request) {
			this.running.computeIfPresent(request.principal().getName(),
					(user, count) -> (count > 1) ? count - 1 : null);
		}

	}
	// end::guard[]

}
