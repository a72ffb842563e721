package io.aki.sample.web;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import io.aki.sample.SampleProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class StreamLimitTests {

	private final StreamLimit limit = new StreamLimit(new CurrentUser() {

		@Override
		public String name() {
			return "anna";
		}

	}, new SampleProperties(List.of(), "", "", 2, List.of()));

	private ServletRequestAttributes request;

	@BeforeEach
	void beginRequest() {
		this.request = new ServletRequestAttributes(new MockHttpServletRequest());
		RequestContextHolder.setRequestAttributes(this.request);
	}

	@AfterEach
	void endRequest() {
		RequestContextHolder.resetRequestAttributes();
	}

	@Test
	void endedStreamIsReleasedOnce() {
		Disposable open = this.limit.count(Flux.never()).subscribe();
		Flux<Object> stream = this.limit.count(Flux.empty());
		stream.blockLast();
		assertThatIllegalStateException().isThrownBy(stream::blockLast).withMessageContaining("was used before");
		this.request.requestCompleted();
		this.limit.count(Flux.never());
		refuses();
		open.dispose();
		this.limit.count(Flux.never());
		refuses();
	}

	@Test
	void streamWithoutASubscriberIsReleasedWithItsRequest() {
		Flux<Object> first = this.limit.count(Flux.empty());
		this.limit.count(Flux.never());
		refuses();
		this.request.requestCompleted();
		assertThatIllegalStateException().isThrownBy(first::blockLast).withMessageContaining("request has ended");
		beginRequest();
		this.limit.count(Flux.never());
		this.limit.count(Flux.never());
		refuses();
	}

	@Test
	void requestsAtTheSameTimeDoNotExceedTheLimit() {
		CountDownLatch start = new CountDownLatch(1);
		List<CompletableFuture<Boolean>> requests = IntStream.range(0, 16)
			.mapToObj((number) -> CompletableFuture.supplyAsync(() -> isAccepted(start),
					(task) -> new Thread(task).start()))
			.toList();
		start.countDown();
		assertThat(requests.stream().map(CompletableFuture::join)).filteredOn(Boolean::booleanValue).hasSize(2);
	}

	private boolean isAccepted(CountDownLatch start) {
		RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(new MockHttpServletRequest()));
		try {
			start.await();
			this.limit.count(Flux.never());
			return true;
		}
		catch (ResponseStatusException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void refuses() {
		assertThatExceptionOfType(ResponseStatusException.class).isThrownBy(() -> this.limit.count(Flux.never()))
			.satisfies((ex) -> assertThat(ex.getStatusCode()).isEqualTo(HttpStatus.TOO_MANY_REQUESTS));
	}

}
