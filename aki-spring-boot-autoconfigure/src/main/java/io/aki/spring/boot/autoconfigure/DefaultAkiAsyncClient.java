package io.aki.spring.boot.autoconfigure;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.aki.client.AkiClient;
import io.aki.client.AkiProgressCallback;
import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.annotation.Async;

/**
 * An {@link AkiAsyncClient} whose {@link Async} methods work without
 * {@code @EnableAsync}: it is proxied here, and nowhere else.
 */
class DefaultAkiAsyncClient implements AkiAsyncClient {

	private final AkiClient client;

	private final AsyncTaskExecutor executor;

	private final @Nullable TaskDecorator taskDecorator;

	DefaultAkiAsyncClient(AkiClient client, AsyncTaskExecutor executor, @Nullable TaskDecorator taskDecorator) {
		this.client = client;
		this.executor = executor;
		this.taskDecorator = taskDecorator;
	}

	/**
	 * Create a client that is proxied. The proxy is opaque, so that an application's own
	 * {@code @EnableAsync} does not add its executor on top.
	 */
	static AkiAsyncClient create(AkiClient client, AsyncTaskExecutor executor, @Nullable TaskDecorator taskDecorator) {
		ProxyFactory factory = new ProxyFactory();
		factory.addInterface(AkiAsyncClient.class);
		factory.setTarget(new DefaultAkiAsyncClient(client, executor, taskDecorator));
		factory.addAdvisor(new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(null, Async.class, true),
				new CancelingAsyncInterceptor(executor, taskDecorator)));
		factory.setOpaque(true);
		factory.setFrozen(true);
		return (AkiAsyncClient) factory.getProxy(AkiAsyncClient.class.getClassLoader());
	}

	@Override
	@Async
	public CompletableFuture<AkiResult> doApiRequestAwait(Map<String, ?> params) {
		return CompletableFuture.completedFuture(this.client.doApiRequestAwait(params));
	}

	@Override
	@Async
	public CompletableFuture<AkiResult> doApiRequestAwait(Map<String, ?> params,
			@Nullable AkiProgressCallback callback) {
		return CompletableFuture.completedFuture(this.client.doApiRequestAwait(params, callback));
	}

	@Override
	public AkiAsyncClient forEndpoint(String endpoint) {
		return create(this.client.forEndpoint(endpoint), this.executor, this.taskDecorator);
	}

}
