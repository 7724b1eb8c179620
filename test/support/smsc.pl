#!/usr/bin/perl
# An SMSC on Net::SMPP, for tests: one link at a time. It says on its output, a JSON object a line, what happens, and does
# what its input tells it. Each text that it takes is reported delivered, by its id in lower case.
use strict;
use warnings;
use IO::Select;
use JSON::PP;
use Net::SMPP;

$| = 1;
my $json = JSON::PP->new->canonical;
my $listener = Net::SMPP->new_listen('127.0.0.1', port => 0, async => 1) or die "Could not listen: $!";
my $select = IO::Select->new($listener, \*STDIN);
my ($link, $ids, $input, $owed) = (undef, 0xABC000, '', []);
tell_of(port => $listener->sockport);

while (my @ready = $select->can_read) {
    for my $handle (@ready) {
        if ($handle == $listener) { take_link() }
        elsif ($handle == \*STDIN) { take_orders() }
        else { take_unit() }
    }
}

sub tell_of { print $json->encode({@_}), "\n" }

sub take_link {
    my $fresh = $listener->accept or return;
    drop() if $link;
    ${*$fresh}{async} = 1;
    $fresh->set_version(0x34);
    $link = $fresh;
    $select->add($link);
}

sub drop {
    $select->remove($link);
    close $link;
    undef $link;
    tell_of(dropped => 1);
}

sub take_unit {
    local $SIG{__WARN__} = sub { };
    my $unit = $link->read_pdu or return drop();
    my ($command, $seq) = ($unit->{cmd}, $unit->{seq});
    if ($command == 0x09) {
        $link->bind_transceiver_resp(system_id => 'perl', seq => $seq);
        tell_of(bound => $unit->{system_id});
    }
    elsif ($command == 0x04) { take_submit($unit) }
    elsif ($command == 0x15) { $link->enquire_link_resp(seq => $seq) }
    elsif ($command == 0x06) { $link->unbind_resp(seq => $seq); drop() }
    elsif ($command == 0x80000005) { tell_of(answer => $seq, status => $unit->{status}) }
}

sub take_submit {
    my ($unit) = @_;
    my $id = sprintf '%X', ++$ids;
    $link->submit_sm_resp(message_id => $id, seq => $unit->{seq});
    tell_of(
        submit => {
            source => $unit->{source_addr},
            destination => $unit->{destination_addr},
            coding => $unit->{data_coding},
            class => $unit->{esm_class},
            octets => unpack('H*', $unit->{short_message}),
        }
    );
    $link->deliver_sm(
        source_addr => $unit->{destination_addr},
        destination_addr => $unit->{source_addr},
        esm_class => 4,
        short_message => 'id:' . lc($id) . ' sub:001 dlvrd:001 submit date:2601010000 done date:2601010001 stat:DELIVRD err:000 text:',
    );
}

sub take_orders {
    sysread STDIN, $input, 65536, length $input or exit;
    while ($input =~ s/^([^\n]*)\n//) {
        my $order = $json->decode($1);
        if ($order->{drop}) { drop() if $link; next }
        my $text = $order->{deliver};
        my $seq = $link->deliver_sm(
            source_addr_ton => 1,
            source_addr_npi => 1,
            source_addr => $text->{source},
            dest_addr_ton => 1,
            dest_addr_npi => 1,
            destination_addr => $text->{destination},
            esm_class => $text->{class},
            data_coding => $text->{coding},
            short_message => pack('H*', $text->{octets}),
        );
        tell_of(sent => $seq);
    }
}
