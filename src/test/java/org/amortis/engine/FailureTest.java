package org.amortis.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class FailureTest {
  @Test
  void carriesOneLineAdviceAndCause() {
    var cause = new IllegalStateException("inner");
    var failure = Failure.data("z.npy:\n  not finite").advise("drop\r\nthem").causedBy(cause);
    assertThat(failure).hasMessage("z.npy: not finite").hasCause(cause);
    assertThat(failure.advice()).contains("drop them");
    assertThat(failure.kind()).isEqualTo(Failure.Kind.DATA);
  }

  @Test
  void kindsHaveTheExitCodesOfTheContract() {
    assertThat(Failure.usage("x").kind().exitCode()).isEqualTo(64);
    assertThat(Failure.data("x").kind().exitCode()).isEqualTo(65);
    assertThat(Failure.unavailable("x").kind().exitCode()).isEqualTo(69);
    assertThat(Failure.internal("x").kind().exitCode()).isEqualTo(70);
    assertThat(Failure.storage("x").kind().exitCode()).isEqualTo(74);
    assertThat(Failure.retry("x").kind().exitCode()).isEqualTo(75);
  }

  @Test
  void cancellationThrowsOnlyOnceRequested() {
    var token = Cancellation.create();
    assertThatCode(token::check).doesNotThrowAnyException();
    token.request();
    assertThat(token.requested()).isTrue();
    assertThatThrownBy(token::check).isInstanceOf(Cancellation.Cancelled.class);
  }
}
