package io.aki.spring.boot.autoconfigure;

import java.security.Principal;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Finds the user of the calling thread. A call that another thread makes has the user of
 * the thread that submitted it.
 */
class AkiPrincipal {

	private final List<Source> sources;

	private final ThreadLocal<@Nullable Submitter> submitter = new ThreadLocal<>();

	/**
	 * Create an instance.
	 * @param sources where a user may be found, in order
	 */
	AkiPrincipal(List<Source> sources) {
		this.sources = List.copyOf(sources);
	}

	@Nullable Principal find() {
		Submitter submitter = this.submitter.get();
		return (submitter != null) ? submitter.principal() : findInThread();
	}

	private @Nullable Principal findInThread() {
		for (Source source : this.sources) {
			Principal principal = source.find();
			if (principal != null) {
				return principal;
			}
		}
		return null;
	}

	/**
	 * Return a call that has the user of this thread, whichever thread makes it.
	 */
	<T> Supplier<T> capture(Supplier<T> call) {
		Submitter submitter = new Submitter(find());
		return () -> {
			Submitter before = this.submitter.get();
			this.submitter.set(submitter);
			try {
				return call.get();
			}
			finally {
				if (before != null) {
					this.submitter.set(before);
				}
				else {
					this.submitter.remove();
				}
			}
		};
	}

	/**
	 * Finds the user of the calling thread in one place. It is no {@link Supplier},
	 * because Spring Cloud Function uses each bean that is one.
	 */
	@FunctionalInterface
	interface Source {

		@Nullable Principal find();

	}

	private record Submitter(@Nullable Principal principal) {

	}

}
