package io.aki.client;

/**
 * Decides whether a request that costs money may be sent: a limit, a budget, or a right
 * of the user. <pre class="code">
 * &#64;Bean
 * AkiRequestGuard onlyMembers() {
 *     return (request) -&gt; {
 *         if (request.principal() == null) {
 *             throw new AkiRequestRefusedException(request.endpoint(), "Log in first");
 *         }
 *     };
 * }
 * </pre>
 * <p>
 * The client asks its guards once before each job and each call that waits on the server,
 * in order. It does not ask again when it repeats the HTTP request of the same start. It
 * does not ask for requests that cost nothing: polls, cancel requests,
 * {@link AkiClient#resume(String)}, and requests about keys and endpoints.
 * <p>
 * Spring Boot passes all beans of this type to the client that it creates, in the order
 * of {@link org.springframework.core.annotation.Order @Order}. Otherwise use
 * {@link AkiClient.Builder#requestGuard(AkiRequestGuard)}. A guard must be thread-safe
 * and fast.
 *
 * @since 1.0.0
 */
@FunctionalInterface
public interface AkiRequestGuard {

	/**
	 * Return to allow a request, or throw an exception to refuse it. A refused request
	 * sends nothing and has no observation. The exception is thrown to the caller, also
	 * if failures are not thrown otherwise ({@code raise-exceptions}), and guards that
	 * follow are not asked.
	 * <p>
	 * The method is called in the thread of the call. For an {@link AkiAsyncClient} this
	 * is the thread of its executor that makes the call.
	 * @param request the request
	 * @throws AkiRequestRefusedException to refuse the request
	 */
	void beforeStart(AkiStartRequest request);

	/**
	 * Called exactly once for each request that this guard has allowed, when the request
	 * has ended in any way: with a result, a failure, a time limit or a cancel, because a
	 * guard that follows has refused it, because the start failed, or because the client
	 * was closed. The result is available to the caller afterwards, unless the caller was
	 * interrupted. An exception is logged and has no other effect.
	 * <p>
	 * The method must not block and must not use a database: the result waits for it, and
	 * it may be called in a thread that polls other jobs, or in the thread that closes
	 * the client. Pass such work to an executor.
	 * @param request the same object as for {@link #beforeStart(AkiStartRequest)}, whose
	 * parameters are now empty
	 */
	default void afterEnd(AkiStartRequest request) {
	}

}
