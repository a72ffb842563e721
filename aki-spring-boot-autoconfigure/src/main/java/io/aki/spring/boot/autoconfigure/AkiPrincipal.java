package io.aki.spring.boot.autoconfigure;

import java.security.Principal;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Finds the user of the calling thread. A call that another thread makes has the user of
 * the thread that submitted it.
 */
class AkiPrincipal implements Supplier<@Nullable Principal> {

	private final List<Supplier<? extends @Nullable Principal>> sources;

	private final ThreadLocal<@Nullable Submitter> submitter = new ThreadLocal<>();

	/**
	 * Create a supplier.
	 * @param sources where a user may be found, in order
	 */
	AkiPrincipal(List<? extends Supplier<? extends @Nullable Principal>> sources) {
		this.sources = List.copyOf(sources);
	}

	@Override
	public @Nullable Principal get() {
		Submitter submitter = this.submitter.get();
		return (submitter != null) ? submitter.principal() : find();
	}

	private @Nullable Principal find() {
		for (Supplier<? extends @Nullable Principal> source : this.sources) {
			Principal principal = source.get();
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
		Submitter submitter = new Submitter(get());
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

	private record Submitter(@Nullable Principal principal) {

	}

}
